// Which dialog of the desk is open.

import { signal } from '@preact/signals';

export type DeskDialog = 'suspend' | 'hours' | 'team';

const open = signal<DeskDialog | null>(null);

export const dialogOpen = open;

export function openDialog(which: DeskDialog): void {
    open.value = which;
}

export function closeDialog(): void {
    open.value = null;
}
