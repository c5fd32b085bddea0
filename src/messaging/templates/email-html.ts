import { escapeHtml } from '../../shared/lib/escape-html.js';

export interface EmailParts {
  readonly language: string;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: string;
  /** To be copied by hand. */
  readonly code?: string | undefined;
  readonly link?: { readonly url: string; readonly label: string } | undefined;
  readonly outro: string;
}

/** Styles are inline because many mail programs read no others; nothing is loaded from anywhere. */
export function emailHtml({ language, subject, greeting, intro, code, link, outro }: EmailParts): string {
  const paragraphs = [
    paragraph(greeting),
    paragraph(intro),
    ...(code === undefined ? [] : [codeBox(code)]),
    ...(link === undefined ? [] : [button(link)]),
    paragraph(outro),
  ];
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2933">
<div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border-radius:8px">
${paragraphs.join('\n')}
</div>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
}

function codeBox(code: string): string {
  return `<p style="margin:24px 0;font-size:32px;font-weight:bold;letter-spacing:6px">${escapeHtml(code)}</p>`;
}

function button({ url, label }: { url: string; label: string }): string {
  const address = escapeHtml(url);
  return `<p style="margin:24px 0"><a href="${address}" style="display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;border-radius:6px;text-decoration:none">${escapeHtml(label)}</a></p>
<p style="margin:0 0 16px;font-size:13px;word-break:break-all">${address}</p>`;
}
