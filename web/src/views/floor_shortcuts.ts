// Keys of every console that gives the floor.

import { endNewest, giveNext } from '../areas/floor_keys.ts';
import type { Shortcut } from '../elements/shortcuts.ts';

export const FLOOR_SHORTCUTS: readonly Shortcut[] = [
    { codes: ['KeyG'], legend: 'G', words: 'shortcuts.give', press: giveNext },
    { codes: ['KeyE'], legend: 'E', words: 'shortcuts.end', press: endNewest },
];
