// A refusal, as the server (RFC 9457) or this page says it.

/** Kinds this page itself makes: the server was not reached, or did not answer in time. */
export type LocalProblem = 'not-connected' | 'timeout' | 'unreachable';

export interface ProblemDetails {
    type: string;
    title: string;
    status: number;
    detail?: string;
    field?: string;
}

/** `kind` is the last part of the problem's type, for the catalogues: `forbidden`, `too-many`, `not-connected`. */
export class Problem extends Error {
    readonly kind: string;
    readonly status: number;
    readonly detail: string;
    /** The offending field; empty when it is none. */
    readonly field: string;

    constructor(details: ProblemDetails) {
        super(details.detail ?? details.title);
        this.name = 'Problem';
        this.kind = details.type.split(/[/:#]/).at(-1) ?? details.type;
        this.status = details.status;
        this.detail = details.detail ?? '';
        this.field = details.field ?? '';
    }

    static local(kind: LocalProblem): Problem {
        return new Problem({ type: kind, title: kind, status: 0 });
    }
}

/** Whatever was thrown, as a Problem. */
export function problemOf(thrown: unknown): Problem {
    return thrown instanceof Problem ? thrown : Problem.local('unreachable');
}
