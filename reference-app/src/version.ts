/** The service's version, as byom_build_info shows it. */
export const VERSION = '0.1.0';
