import type { Chunk, StreamWriter } from '../shape.ts';
import { toEvent } from '../to-event.ts';

const DONE = 'data: [DONE]\n\n';

function isUsageOnly({ data }: Chunk): boolean {
  const { choices, usage } = data;
  return Array.isArray(choices) && choices.length === 0 && usage != null;
}

/** Usage is always asked for upstream; a client that did not ask for it does not see it. */
export function createOpenAiWriter({ wantsUsage }: { readonly wantsUsage: boolean }): StreamWriter {
  let usageText = '';
  return {
    write: (chunk) => {
      if (isUsageOnly(chunk)) {
        if (wantsUsage) usageText = toEvent(chunk.text);
        return '';
      }
      if (wantsUsage || !('usage' in chunk.data)) return toEvent(chunk.text);
      const { usage: _hidden, ...visible } = chunk.data;
      return toEvent(JSON.stringify(visible));
    },
    get ending() {
      return usageText + DONE;
    },
  };
}
