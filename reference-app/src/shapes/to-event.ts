/** One server-sent event. A line end in its text would need one `data:` a line. */
export function toEvent(text: string, name?: string): string {
  const data = text.includes('\n') ? text.replaceAll('\n', '\ndata: ') : text;
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
}
