// What the house shows now, for the title of the window; empty while nothing of it is here.
import { signal } from '@preact/signals';

export const houseTitle = signal('');
