/** Where the house stands: the time printed on every invitation. */
export const HOUSE_ZONE = 'Europe/Zurich';
