// What the tab says before its title, with what parts the two: "On the air · ".
import { signal } from '@preact/signals';

export const tabWords = signal('');
