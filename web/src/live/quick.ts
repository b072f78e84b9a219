// What the line carries, known before anything was measured on purpose: how long the page's own script took to come.

const QUICK_MS = 1500;

/** Whether what is not needed yet may come at once. On a far or narrow line it would take the place of the first sound. */
export const lineIsQuick = performance.now() < QUICK_MS;
