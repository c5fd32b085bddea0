/**
 * What is shown of where a message goes: of a phone number in E.164 the last two digits (`+*********67`), of an e-mail
 * address the first letter and the domain (`j***@example.com`).
 */
export function maskDestination(destination: string): string {
  const at = destination.lastIndexOf('@');
  if (at === -1) return `+${'*'.repeat(Math.max(destination.length - 3, 0))}${destination.slice(-2)}`;
  return `${destination.slice(0, 1)}***${destination.slice(at)}`;
}
