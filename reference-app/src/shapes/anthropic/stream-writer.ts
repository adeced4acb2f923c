import type { StreamWriter } from '../shape.ts';
import { toEvent } from '../to-event.ts';

const MESSAGE_STOP = toEvent('{"type":"message_stop"}', 'message_stop');

/** Each event is named by its type. From message_delta on, which brings the usage, all is held back. */
export function createAnthropicWriter(): StreamWriter {
  let heldBack = '';
  return {
    write: ({ data, text }) => {
      const type = String(data['type']);
      const event = toEvent(text, type);
      if (type !== 'message_delta' && heldBack === '') return event;
      heldBack += event;
      return '';
    },
    get ending() {
      return heldBack + MESSAGE_STOP;
    },
  };
}
