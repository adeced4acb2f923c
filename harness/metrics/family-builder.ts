import type { MetricFamily, MetricType, Sample } from './exposition.ts';
import { MalformedSeries } from './read-series.ts';

/** The names of the samples that a family of each type may hold, behind the family's own name. */
const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  untyped: [''],
};
const OPEN_METRICS_SUFFIXES: readonly string[] = ['_total', '_created', '_info'];

const OPEN_METRICS_TYPES: Readonly<Record<string, MetricType>> = {
  unknown: 'untyped',
  info: 'gauge',
  stateset: 'gauge',
};

interface OpenFamily {
  name: string;
  type?: MetricType;
  help?: string;
  samples: Sample[];
}

/** Collects the families of one exposition, line by line; throws MalformedSeries. */
export interface FamilyBuilder {
  setHelp(name: string, help: string): void;
  setType(name: string, type: string): void;
  add(sample: Sample): void;
  build(): ReadonlyMap<string, MetricFamily>;
}

export function createFamilyBuilder({ isOpenMetrics }: { isOpenMetrics: boolean }): FamilyBuilder {
  const families = new Map<string, OpenFamily>();
  const keys = new Set<string>();
  let current: OpenFamily | undefined;

  function open(name: string): OpenFamily {
    const known = families.get(name);
    if (known !== undefined && known !== current) throw scattered(name);
    current = known ?? { name, samples: [] };
    families.set(name, current);
    return current;
  }

  function owns(family: OpenFamily, sampleName: string): boolean {
    if (!sampleName.startsWith(family.name)) return false;
    const suffix = sampleName.slice(family.name.length);
    if (SUFFIXES[family.type ?? 'untyped'].includes(suffix)) return true;
    return isOpenMetrics && OPEN_METRICS_SUFFIXES.includes(suffix);
  }

  function familyOf(sampleName: string): OpenFamily {
    if (current !== undefined && owns(current, sampleName)) return current;
    const base = families.get(sampleName.replace(/_(?:bucket|sum|count)$/, ''));
    if (base !== undefined && owns(base, sampleName)) throw scattered(base.name);
    return open(sampleName);
  }

  return {
    setHelp(name, help) {
      const family = open(name);
      checkIsNew(family, 'HELP', family.help);
      family.help = help;
    },
    setType(name, type) {
      const family = open(name);
      checkIsNew(family, 'TYPE', family.type);
      family.type = metricType(type, isOpenMetrics);
    },
    add(sample) {
      const family = familyOf(sample.name);
      checkLabels(family, sample);
      if (keys.has(sample.key)) {
        throw new MalformedSeries(`the series ${sample.key} is given twice`);
      }
      keys.add(sample.key);
      family.samples.push(sample);
    },
    build() {
      return new Map([...families].map(([name, family]) => [name, closed(family)]));
    },
  };
}

function closed({ name, type = 'untyped', help, samples }: OpenFamily): MetricFamily {
  return { name, type, help, samples };
}

function scattered(name: string): MalformedSeries {
  return new MalformedSeries(`the lines of "${name}" are not in one group`);
}

function checkIsNew(family: OpenFamily, keyword: string, said: string | undefined): void {
  if (said !== undefined) {
    throw new MalformedSeries(`a second ${keyword} line for "${family.name}"`);
  }
  if (family.samples.length > 0) {
    throw new MalformedSeries(`${keyword} of "${family.name}" comes after its samples`);
  }
}

function metricType(type: string, isOpenMetrics: boolean): MetricType {
  if (Object.hasOwn(SUFFIXES, type)) return type as MetricType;
  const openMetricsType = isOpenMetrics ? OPEN_METRICS_TYPES[type] : undefined;
  if (openMetricsType === undefined) throw new MalformedSeries(`unknown metric type "${type}"`);
  return openMetricsType;
}

function checkLabels(family: OpenFamily, { name, labels }: Sample): void {
  if (family.type === 'histogram' && name === family.name) {
    throw new MalformedSeries(`the histogram "${name}" has a sample of its bare name`);
  }
  const needed = neededLabel(family, name);
  if (needed !== undefined && !Object.hasOwn(labels, needed)) {
    throw new MalformedSeries(`${name} of a ${family.type} needs the label "${needed}"`);
  }
}

function neededLabel(family: OpenFamily, sampleName: string): string | undefined {
  if (family.type === 'histogram' && sampleName.endsWith('_bucket')) return 'le';
  if (family.type === 'summary' && sampleName === family.name) return 'quantile';
  return undefined;
}
