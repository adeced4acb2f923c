import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { markChanges } from './render-text.ts';

/**
 * Typed doors to prom-client, which by itself counts inc(undefined) as 1, keeps a NaN for ever,
 * prints undefined label values and drops missing labels. Behind these, all labels are required
 * strings and every amount is checked.
 */
type Labels<Name extends string> = Readonly<Record<Name, string>>;

interface Definition<Name extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Name[];
}

export interface IntegerCounter<Name extends string> {
  /** Adds a whole number of at least 0. */
  add(labels: Labels<Name>, amount: number): void;
}

export interface SecondsHistogram<Name extends string> {
  observe(labels: Labels<Name>, value: number): void;
  /** Makes the series exist with no observation. */
  zero(labels: Labels<Name>): void;
}

export interface NumberGauge {
  set(value: number): void;
  add(amount: number): void;
}

export interface LabelledGauge<Name extends string> {
  /** undefined removes the series: nothing is known, which is not 0. */
  set(labels: Labels<Name>, value: number | undefined): void;
}

function requireNumber(name: string, isValid: boolean, value: number): void {
  if (!isValid)
    throw new TypeError(`${name} was given ${value}, which would spoil the metric for good.`);
}

export function createCounter<Name extends string>(
  registry: Registry,
  { name, help, labelNames }: Definition<Name>,
): IntegerCounter<Name> {
  const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const changed = markChanges(counter);
  return {
    add: (labels, amount) => {
      requireNumber(name, Number.isSafeInteger(amount) && amount >= 0, amount);
      counter.inc(labels, amount);
      changed();
    },
  };
}

export function createHistogram<Name extends string>(
  registry: Registry,
  { name, help, labelNames, buckets }: Definition<Name> & { readonly buckets: readonly number[] },
): SecondsHistogram<Name> {
  const histogram = new Histogram({
    name,
    help,
    labelNames: [...labelNames],
    buckets: [...buckets],
    registers: [registry],
  });
  const changed = markChanges(histogram);
  return {
    observe: (labels, value) => {
      requireNumber(name, Number.isFinite(value) && value >= 0, value);
      histogram.observe(labels, value);
      changed();
    },
    zero: (labels) => {
      histogram.zero(labels);
      changed();
    },
  };
}

export function createGauge(registry: Registry, name: string, help: string): NumberGauge {
  const gauge = new Gauge({ name, help, registers: [registry] });
  const changed = markChanges(gauge);
  const requireFinite = (value: number): void => requireNumber(name, Number.isFinite(value), value);
  return {
    set: (value) => {
      requireFinite(value);
      gauge.set(value);
      changed();
    },
    add: (amount) => {
      requireFinite(amount);
      gauge.inc(amount);
      changed();
    },
  };
}

/** `collect` runs before each reading of the registry, to set what is read from elsewhere. */
export function createLabelledGauge<Name extends string>(
  registry: Registry,
  { name, help, labelNames, collect }: Definition<Name> & { readonly collect?: () => void },
): LabelledGauge<Name> {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    ...(collect !== undefined && { collect }),
  });
  // What is collected changes at every reading.
  const changed = collect === undefined ? markChanges(gauge) : () => undefined;
  return {
    set: (labels, value) => {
      changed();
      if (value === undefined) {
        gauge.remove(labels);
        return;
      }
      requireNumber(name, Number.isFinite(value), value);
      gauge.set(labels, value);
    },
  };
}
