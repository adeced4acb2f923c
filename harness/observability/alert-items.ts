import type { FiringResult } from '#harness/alerts/firing/firing-result.ts';
import { untestedStates } from '#harness/alerts/lint-alerts.ts';
import type { Alerts } from '#harness/alerts/load-alerts.ts';
import type { Item } from './measure.ts';

/** Every alert; covered is one whose promtool tests show it silent, firing and ended. */
export function testedAlertItems({ alerts, testFiles }: Alerts): Item[] {
  return alerts.map((alert) => {
    const untested = untestedStates(alert, testFiles);
    const lacks = `no promtool test shows its ${untested.join(' and ')} moment`;
    return { name: alert.alert, isCovered: untested.length === 0, lacks };
  });
}

/** Every alert; covered is one that was fired for real. */
export function firedAlertItems({ alerts }: Alerts, fired: FiringResult): Item[] {
  return alerts.map(({ alert }) => ({
    name: alert,
    isCovered: fired.fired.includes(alert),
    lacks: fired.failed[alert] ?? 'it was never fired for real',
  }));
}
