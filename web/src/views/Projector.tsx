// For the wall of the chamber: plate, timer, item, languages served; nothing else.

import '../styles/adopt_consoles.ts';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { OnAir } from '../parts/Mark.tsx';
import { PlateView, plateWords } from '../parts/Plate.tsx';
import { LanguagesServed } from '../parts/SittingControls.tsx';
import { LanguageSwitch } from '../parts/Switches.tsx';
import { Timer } from '../parts/Timer.tsx';
import { ConnectionMark, SittingMark } from '../parts/TopBar.tsx';
import {
    connectionQuality,
    currentItem,
    floorPlates,
    meeting,
    requestPlates,
    speakerPlate,
} from '../state/store.ts';

export function Projector() {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const item = currentItem.value;
    const speaker = speakerPlate.value;
    const others = floorPlates.value.filter((one) => one.participant.id !== speaker?.participant.id);
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
                            {item.document && <bdi class="item-document">{item.document}</bdi>}
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
                {speaker === null ? (
                    <div class="plate plate-wall plate-empty">
                        <div class="plate-names">
                            <p class="plate-heading">{text('stage.nobody')}</p>
                            <p class="plate-person">
                                {next === undefined
                                    ? text('stage.no_next')
                                    : text('stage.next', { name: plateWords(next).heading })}
                            </p>
                        </div>
                    </div>
                ) : (
                    [speaker, ...others].map((one) => (
                        <div key={one.participant.id} class="projector-speaker">
                            <PlateView plate={one} size="wall" speaking>
                                <div class="plate-side">
                                    <OnAir>{text('stage.speaks')}</OnAir>
                                    <Timer openedAt={one.openedAt} large />
                                </div>
                            </PlateView>
                        </div>
                    ))
                )}
            </div>
            <LanguagesServed />
        </main>
    );
}
