import type { Finding } from '../findings/finding.ts';

/** A finding, and whether it forbids production. */
export interface JudgedFinding extends Finding {
  severity: 'error' | 'warning';
}
