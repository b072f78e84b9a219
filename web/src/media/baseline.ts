// The oldest browsers that the page is built for and tested against (docs/decisions/043-every-address-answers.md). The build's target
// (vite.config.ts) and what readers are told both come from here.
export const BASELINE = { chromium: '105', firefox: '115', safari: '16.4' } as const;
