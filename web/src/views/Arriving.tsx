// In the place of a screen that is not loaded yet: that it comes, or why it does not.

import { useEffect } from 'preact/hooks';
import { text } from '../i18n/index.ts';
import type { Hindrance } from './bring.ts';
import { tryAgainNow } from './consoles.ts';
import { QuietPage } from './Pages.tsx';

/** `hindrance` is null while it is on its way. */
export function Arriving({ title, hindrance }: { title: string; hindrance: Hindrance | null }) {
    // It may have been waiting for its next try since nobody looked.
    useEffect(tryAgainNow, []);
    if (hindrance === null) {
        return <QuietPage heading={title} lead={text('waiting.lead')} />;
    }
    const stuck = hindrance === 'stuck';
    return (
        <QuietPage heading={text('coming.failed')}>
            <p role="alert">{text(`coming.${hindrance}`)}</p>
            <div class="page-actions">
                <button
                    type="button"
                    class="button button-filled button-large"
                    onClick={() => (stuck ? location.reload() : tryAgainNow())}
                >
                    {text(stuck ? 'ended.reload' : 'coming.again')}
                </button>
            </div>
        </QuietPage>
    );
}
