/** Metrics of the service that no fact asks for, since they are no amounts. */
export const FAMILIES_WITHOUT_FACT: Readonly<Record<string, string>> = {
  byom_build_info: 'It tells which build runs.',
  byom_production: 'It tells the mode; summary/ compares it.',
  byom_snapshot_epoch: 'It is the fence at which all facts are read.',
};
