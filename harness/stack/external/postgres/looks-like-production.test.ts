import { describe, expect, test } from 'vitest';
import { looksLikeProduction } from './looks-like-production.ts';

const NAMES = { host: '127.0.0.1', user: 'ci', database: 'ci', databases: ['ci', 'postgres'] };

describe('a database server that looks like production', () => {
  test.for([
    [{ host: 'db-prod-1.internal' }, 'its host is called "db-prod-1.internal"'],
    [{ host: 'live.db.internal' }, 'its host is called "live.db.internal"'],
    [{ user: 'byom_prd' }, 'its user is called "byom_prd"'],
    [{ database: 'Production' }, 'the database is called "Production"'],
    [{ databases: ['ci', 'shop_prod'] }, 'a database on it is called "shop_prod"'],
  ] as const)('%o', ([names, why]) => {
    expect(looksLikeProduction({ ...NAMES, ...names })).toBe(why);
  });

  test.for(['products', 'producer-events', 'delivery', 'olive', 'staging'])(
    'is not one because of "%s"',
    (name) => {
      expect(looksLikeProduction({ ...NAMES, database: name, host: `${name}.internal` })).toBe(
        undefined,
      );
    },
  );
});
