// The meeting out of which the next is to begin, from its own page to that of a new one.
import { signal } from '@preact/signals';
import type { Plan } from '../contract/generated.ts';

export const copied = signal<Plan | null>(null);
