// Limits of the contract that fields of this page must respect before the server does.

/** Of `channel.delay`. */
export const DELAY_MS_MAX = 1000;
