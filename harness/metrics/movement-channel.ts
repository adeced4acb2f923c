import { channel } from 'node:diagnostics_channel';

/** Every movement that `metrics.during()` gives in this process, for who counts what ever moved. */
export const movementChannel = channel('tally:movement');
