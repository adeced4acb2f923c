/** A variable of the dashboard: one that names a data source works in one Grafana only. */
export const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' };
