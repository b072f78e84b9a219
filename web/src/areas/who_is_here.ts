// Who is here: opened from the menu of every screen, and drawn by what comes behind the first screen.

import { signal } from '@preact/signals';

export const hereOpen = signal(false);
