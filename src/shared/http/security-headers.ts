import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Swagger UI runs its own scripts and inline styles; it loads nothing from other origins. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The headers that OWASP's REST Security Cheat Sheet recommends. The Content-Security-Policy of an API allows nothing;
 * pages set their own.
 */
export function addSecurityHeaders(
  app: NestFastifyApplication,
  { includeSubDomains }: { includeSubDomains: boolean },
): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: "'none'", frameAncestors: "'none'" },
    },
    strictTransportSecurity: { includeSubDomains },
    xFrameOptions: { action: 'deny' },
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/docs(?:[/?]|$)/.test(request.url)) void reply.header('content-security-policy', DOCS_POLICY);
    done();
  });
}
