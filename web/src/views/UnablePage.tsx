// Before joining: what this browser cannot do, what that means in a meeting, and what works instead.

import { lacking, putUpWithIt } from '../areas/lacking.ts';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { BASELINE } from '../media/baseline.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { QuietPage } from './Pages.tsx';
import styles from './UnablePage.css?inline';

adopt(styles);

export function UnablePage() {
    const lacks = lacking.value;
    const deaf = lacks.includes('peer') || lacks.includes('sound');
    const insecure = lacks.includes('secure');
    return (
        <QuietPage heading={text('unable.title')} lead={text('unable.lead')}>
            <ul class="lacks">
                {lacks.map((one) => (
                    <li key={one} data-lack={one}>
                        <Icon name="warning" />
                        <span>{text(`unable.lack_${one}`)}</span>
                    </li>
                ))}
            </ul>
            <h2>{text('unable.instead')}</h2>
            <ul class="instead">
                <li>{insecure ? text('unable.secure') : text('unable.browsers', BASELINE)}</li>
                <li>{text('unable.within')}</li>
                {lacks.includes('peer') && <li>{text('unable.hardened')}</li>}
                <li>{text('unable.device')}</li>
                {meeting.value?.streamed === true && <li>{text('unable.webcast')}</li>}
                {deaf && <li>{text('unable.program')}</li>}
            </ul>
            {!lacks.includes('line') && (
                <div class="page-actions">
                    <button type="button" class="button button-large" onClick={putUpWithIt}>
                        {text(deaf ? 'unable.go_on_silent' : 'unable.go_on_listening')}
                    </button>
                </div>
            )}
        </QuietPage>
    );
}
