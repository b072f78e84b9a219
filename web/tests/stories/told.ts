// What a story is made of.
import type { Meeting } from '../../src/contract/generated.ts';

export interface Story {
    /** Whose page it is; empty for nobody's. */
    person: string;
    path?: string;
    /** In the room, not at the entrance; so it is when not given. */
    room?: boolean;
    change?: (meeting: Meeting) => Meeting;
    /** Before it is drawn. */
    after?: () => void;
    /** Once it is drawn. */
    drawn?: () => void | Promise<void>;
    /** Keys that are pressed one after the other once it is drawn, by selector. */
    press?: readonly string[];
}
