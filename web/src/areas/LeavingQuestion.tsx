// Asks before one leaves the page by going back; see leaving.ts.

import { Question } from '../elements/Dialog.tsx';
import { text } from '../i18n/index.ts';
import { iAmOnTheAir } from '../state/store.ts';
import { leave, leavingAsked, stay } from './leaving.ts';

export function LeavingQuestion() {
    if (!leavingAsked.value) {
        return null;
    }
    return (
        <Question
            title={text('leaving.title')}
            detail={text(iAmOnTheAir.value ? 'leaving.on_air' : 'leaving.detail')}
            confirm={text('leaving.leave')}
            onConfirm={leave}
            onClose={stay}
        />
    );
}
