// Keys that must be held, and are too narrow to say so themselves.
import { say } from './act.ts';

/** Such a key was let go too soon. */
export function sayHold(): void {
    say('hold.short');
}
