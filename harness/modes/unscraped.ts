import type { WireServiceOptions } from './wired-service.ts';

/** For services that nobody scrapes: what they export is read from them directly. */
export const UNSCRAPED: WireServiceOptions['stack'] = {
  prometheus: {
    claimSlot: async () => ({
      selector: '',
      pointTo: () => undefined,
      detach: () => undefined,
      release: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  },
};
