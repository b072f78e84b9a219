// A refusal, as the server (RFC 9457) or this page says it.
import type { ProblemMessage } from '../contract/generated.ts';

/** Kinds this page itself makes: the server was not reached, or did not answer in time. */
export type LocalProblem = 'not-connected' | 'timeout' | 'unreachable';

/** `kind` is the last part of the problem's type, for the catalogues: `forbidden`, `too-many`, `not-connected`. */
export class Problem extends Error {
    readonly kind: string;
    readonly status: number;
    readonly refusal: NonNullable<ProblemMessage['refusal']> | null;
    /** The offending field; empty when it is none. */
    readonly field: string;
    /** After how many seconds it may be tried again; 0 when nothing was said of it. */
    readonly waitS: number;

    constructor(details: ProblemMessage, waitS = 0) {
        super(details.detail ?? details.title);
        this.name = 'Problem';
        this.kind = details.type.split(/[/:#]/).at(-1) ?? details.type;
        this.status = details.status;
        this.refusal = details.refusal ?? null;
        this.field = details.field ?? '';
        this.waitS = waitS;
    }

    static local(kind: LocalProblem): Problem {
        return new Problem({ type: kind, title: kind, status: 0 });
    }
}

/** Whatever was thrown, as a Problem. */
export function problemOf(thrown: unknown): Problem {
    return thrown instanceof Problem ? thrown : Problem.local('unreachable');
}
