// Where a way ends: a meeting that one is no more in, an address that is none. Each says what happened, what was kept and what to do.

import { meetingsParts } from '../areas/meetings_parts.ts';
import { Icon } from '../elements/Icon.tsx';
import type { MessageKey } from '../i18n/index.ts';
import { text } from '../i18n/index.ts';
import { takeBack } from '../live/actions.ts';
import { base } from '../router/base.ts';
import { navigate, route } from '../router/router.ts';
import type { EndReason } from '../state/phase.ts';
import { connectionPhase, streamsBeside } from '../state/store.ts';
import { QuietPage } from './Pages.tsx';

interface EndedWords {
    title: MessageKey;
    what: MessageKey;
    next: MessageKey;
}

const ENDED: Readonly<Record<EndReason, EndedWords>> = {
    'signed-out': {
        title: 'ended.signed_out.title',
        what: 'ended.signed_out.what',
        next: 'ended.signed_out.next',
    },
    expired: { title: 'ended.expired.title', what: 'ended.expired.what', next: 'ended.expired.next' },
    removed: { title: 'ended.removed.title', what: 'ended.removed.what', next: 'ended.removed.next' },
    withdrawn: { title: 'ended.withdrawn.title', what: 'ended.withdrawn.what', next: 'ended.withdrawn.next' },
    replaced: { title: 'ended.replaced.title', what: 'ended.replaced.what', next: 'ended.replaced.next' },
    refused: { title: 'ended.refused.title', what: 'ended.refused.what', next: 'ended.refused.next' },
    protocol: { title: 'ended.protocol.title', what: 'ended.protocol.what', next: 'ended.protocol.next' },
};

/** Nothing when it has not ended. */
export function EndedPage() {
    const { reason } = connectionPhase.value;
    return reason === '' ? null : <Ended reason={reason} />;
}

function Ended({ reason }: { reason: EndReason }) {
    const words = ENDED[reason];
    const where = route.value;
    const again = reason === 'replaced' || reason === 'protocol';
    const Meetings = meetingsParts.value?.List;
    return (
        <QuietPage heading={text(words.title)} lead={text(words.what)}>
            <p>{text(words.next)}</p>
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

export function MissingPage() {
    return (
        <QuietPage heading={text('missing.title')} lead={text('missing.lead')}>
            <div class="page-actions">
                <button type="button" class="button button-filled button-large" onClick={() => navigate('/')}>
                    {text('sign_in.title')}
                </button>
            </div>
        </QuietPage>
    );
}
