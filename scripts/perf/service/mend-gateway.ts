// Loaded into the gateway's process before it. Gateway 1.15.2 writes headers of its own to the
// answers that it passes on, and @hono/node-server 1.19 gives it the provider's read-only ones for
// streams: each would end in a 500 (seen 2026-11-22). Here those headers are left out instead.
for (const name of ['append', 'set', 'delete'] as const) {
  const write: unknown = Reflect.get(Headers.prototype, name);
  if (typeof write !== 'function') throw new TypeError(`Headers have no ${name}().`);
  Reflect.set(Headers.prototype, name, function mended(this: Headers, ...values: string[]) {
    try {
      Reflect.apply(write, this, values);
    } catch (error) {
      if (!(error instanceof TypeError && error.message === 'immutable')) throw error;
    }
  });
}
