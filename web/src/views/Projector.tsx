// For the wall of the chamber: plate, timer, item, languages served; nothing else.

import '../elements/room_icons.ts';
import { nobodyHasFloor } from '../areas/nobody.ts';
import { LanguagesServed } from '../areas/SittingControls.tsx';
import { SpeakerTimer } from '../areas/SpeakerTimer.tsx';
import { LanguageSwitch } from '../areas/Switches.tsx';
import { ConnectionMark, SittingMark } from '../areas/TopBar.tsx';
import { OnAir } from '../elements/Mark.tsx';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { connectionQuality, currentItem, meeting, placedPlates, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Projector.css?inline';

adopt(styles);

export function Projector() {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const item = currentItem.value;
    const open = placedPlates.value;
    const next = requestPlates.value[0];
    return (
        <main id="main" class="projector" tabIndex={-1}>
            <header class="projector-head">
                <div>
                    <h1 lang={localizedLanguage(now.title)}>{localized(now.title)}</h1>
                    {item !== null && (
                        <p class="projector-item">
                            <bdi class="item-number" dir="ltr">
                                {item.number}
                            </bdi>
                            <span lang={localizedLanguage(item.title)}>{localized(item.title)}</span>
                            {item.document && (
                                <bdi class="item-document projector-document">{item.document}</bdi>
                            )}
                        </p>
                    )}
                </div>
                <div class="projector-marks">
                    <SittingMark />
                    {connectionQuality.value !== 'good' && <ConnectionMark />}
                    <LanguageSwitch />
                </div>
            </header>
            <div class="projector-stage" aria-live="polite">
                {open.length === 0 ? (
                    <div class="plate plate-wall plate-empty">
                        <div class="plate-names">
                            <p class="plate-heading">{nobodyHasFloor()}</p>
                            <p class="plate-person">
                                {next === undefined
                                    ? text('stage.no_next')
                                    : text('stage.next', { name: plateWords(next).heading })}
                            </p>
                        </div>
                    </div>
                ) : (
                    open.map((one) => (
                        <div key={one.participant.id} class="projector-speaker">
                            <PlateView plate={one} size="wall" speaking>
                                <div class="plate-side">
                                    <OnAir>{text('stage.speaks')}</OnAir>
                                    <SpeakerTimer plate={one} large />
                                </div>
                            </PlateView>
                        </div>
                    ))
                )}
            </div>
            <LanguagesServed wall />
        </main>
    );
}
