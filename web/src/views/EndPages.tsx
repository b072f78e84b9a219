// Where a way ends: a meeting that one is no more in, an address that is none. Each says what happened, what was kept and what to do.

import { meetingsParts } from '../areas/meetings_parts.ts';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { takeBack } from '../live/actions.ts';
import { base } from '../router/base.ts';
import { navigate, route } from '../router/router.ts';
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
