/** How many characters of people's text the contract takes; a test compares. Taken from there a screen would load all of it. */
export const TEXT_MOST = { line: 500, help: 300, title: 159, announcement: 255, reason: 159 } as const;
