// Where a way ends: a meeting that one is no more in, a link that is not taken, an address that is none. Each says what happened, what was
// kept and what to do.

import { meetingsParts } from '../areas/meetings_parts.ts';
import { reasonWords } from '../areas/refusals.ts';
import { problemKey } from '../areas/words.ts';
import { Icon } from '../elements/Icon.tsx';
import { type MessageKey, text } from '../i18n/index.ts';
import { signInProblem, takeBack } from '../live/actions.ts';
import type { Problem } from '../live/problem.ts';
import { recallSession } from '../live/session.ts';
import { base, cameWith } from '../router/base.ts';
import { route } from '../router/router.ts';
import type { EndReason } from '../state/phase.ts';
import { connectionPhase, streamsBeside } from '../state/store.ts';
import { QuietPage } from './Pages.tsx';

/** Nothing when it has not ended. */
export function EndedPage() {
    const { reason } = connectionPhase.value;
    return reason === '' ? null : <Ended reason={reason} />;
}

function Ended({ reason }: { reason: EndReason }) {
    // Its words: what happened, what was kept, what to do.
    const words = reason === 'signed-out' ? 'signed_out' : reason;
    const where = route.value;
    const again = reason === 'replaced' || reason === 'protocol';
    const Meetings = meetingsParts.value?.List;
    return (
        <QuietPage heading={text(`ended.${words}.title`)} lead={text(`ended.${words}.what`)}>
            <p>{text(`ended.${words}.next`)}</p>
            {streamsBeside.value.length > 0 && Meetings !== undefined && <Meetings />}
            <div class="page-actions">
                {again && (
                    <button
                        type="button"
                        class="button button-filled button-large"
                        onClick={() => (reason === 'replaced' ? takeBack() : location.reload())}
                    >
                        {text(reason === 'replaced' ? 'ended.continue_here' : 'ended.reload')}
                    </button>
                )}
                {reason !== 'removed' && reason !== 'protocol' && (
                    <a
                        class="button button-large"
                        href={
                            base +
                            (where.page === 'meeting' ? `/m/${encodeURIComponent(where.meeting)}` : '/')
                        }
                    >
                        <Icon name="person" />
                        <span>{text('ended.sign_in_again')}</span>
                    </a>
                )}
            </div>
        </QuietPage>
    );
}

/** An address that shows nothing, or not to a reader who comes by it. */
export function MissingPage() {
    return (
        <QuietPage heading={text('missing.title')} lead={text(missingWords(cameWith))}>
            <WaysOn />
        </QuietPage>
    );
}

function missingWords(status: number): MessageKey {
    if (status === 401 || status === 403) {
        return 'missing.private';
    }
    if (status === 410) {
        return 'missing.gone';
    }
    if (status === 429 || status >= 500) {
        return 'missing.busy';
    }
    return status === 200 || status === 404 ? 'missing.lead' : 'missing.program';
}

/** A personal link that did not sign in: why, and where a new one comes from. */
export function LinkProblemPage() {
    const problem = signInProblem.value;
    return problem === null ? null : <LinkProblem problem={problem} />;
}

function LinkProblem({ problem }: { problem: Problem }) {
    const words = linkWords(problem.kind);
    return (
        <QuietPage
            heading={text(`link.${words}.title`)}
            lead={words === 'refused' ? whyRefused(problem) : text(`link.${words}.what`)}
        >
            <p>{text(`link.${words}.next`)}</p>
            <WaysOn />
        </QuietPage>
    );
}

// The link is good, and the server answered: a meeting that is full, or set aside, or a disk that is.
function whyRefused(problem: Problem): string {
    return reasonWords(problem) ?? text(problemKey(problem.kind), { detail: problem.kind });
}

function linkWords(kind: string): 'expired' | 'invalid' | 'many' | 'refused' | 'unreachable' {
    switch (kind) {
        case 'expired':
            return 'expired';
        case 'unauthenticated':
        case 'invalid':
        case 'malformed':
        case 'not-found':
        case 'forbidden':
            return 'invalid';
        case 'too-many':
            return 'many';
        case 'unreachable':
        case 'timeout':
            return 'unreachable';
        default:
            return 'refused';
    }
}

// Back to where this tab's person sits, or in by an account.
function WaysOn() {
    const where = route.value;
    const own = recallSession()?.meeting;
    const home = base + (where.page === 'meeting' ? `/m/${encodeURIComponent(where.meeting)}` : '/');
    return (
        <>
            <div class="page-actions">
                {own !== undefined && (
                    <a
                        class="button button-filled button-large"
                        href={`${base}/m/${encodeURIComponent(own)}`}
                    >
                        <Icon name="door" />
                        <span>{text('missing.back')}</span>
                    </a>
                )}
                <a class="button button-large" href={home}>
                    <Icon name="person" />
                    <span>{text('link.use_account')}</span>
                </a>
            </div>
            <p class="muted">{text('missing.desk')}</p>
        </>
    );
}
