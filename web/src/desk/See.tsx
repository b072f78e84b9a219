// Seeing: the speaker and the plate, what is discussed, the language that is spoken, who is next.

import { useId } from 'preact/hooks';
import { act } from '../areas/act.ts';
import { DocumentLines, ReadingPane } from '../areas/Documents.tsx';
import { TimeToCome } from '../areas/SpeakerTimer.tsx';
import { Stage } from '../areas/Stage.tsx';
import type { Language } from '../contract/generated.ts';
import { plateWords } from '../elements/Plate.tsx';
import { reachable } from '../elements/reachable.ts';
import {
    isPageLanguage,
    languageName,
    localized,
    localizedLanguage,
    PAGE_LANGUAGES,
    text,
} from '../i18n/index.ts';
import { papersNow, speechesNow } from '../state/documents.ts';
import { chairPlate, currentItem, may, meeting, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { Pane } from './Pane.tsx';
import { panes } from './panes.ts';
import styles from './See.css?inline';
import { SignalKeys } from './SignalKeys.tsx';

adopt(styles);

export function See() {
    return (
        <Pane name="see" title={text('desk.see')} class="desk-see">
            <Stage />
            <SignalKeys />
            <dl class="see-facts">
                <SpokenLanguage />
                <Item />
                <Chair />
                <Next />
            </dl>
            <Papers />
        </Pane>
    );
}

// The texts of the one who speaks and of the next, then the documents of the item, then those of the whole meeting, its glossary among
// them. What is read stands beside the picture (DeskReading), or here where there is a window for it.
function Papers() {
    const papers = [...speechesNow.value, ...papersNow.value];
    return (
        <div class="see-papers" ref={reachable}>
            {papers.length > 0 && (
                <>
                    <h3 class="documents-head">
                        <span>{text('documents.title')}</span>
                        <span class="kbd" aria-hidden="true">
                            7
                        </span>
                    </h3>
                    <DocumentLines list={papers} />
                </>
            )}
            {panes.windowOf('see') !== undefined && <ReadingPane />}
        </div>
    );
}

// Known from the speaker, or declared by whoever hears another.
function SpokenLanguage() {
    const id = useId();
    const known = meeting.value?.floor_language ?? 'none';
    return (
        <div class="see-fact">
            <dt id={id}>{text('see.spoken')}</dt>
            <dd>
                {may('floor.language') ? (
                    <select
                        class="select select-small"
                        aria-labelledby={id}
                        value={known}
                        onChange={(event) => {
                            const chosen: Language | undefined = PAGE_LANGUAGES.find(
                                (one) => one === event.currentTarget.value,
                            );
                            if (chosen !== undefined) {
                                void act('floor.language', { language: chosen });
                            }
                        }}
                    >
                        {known === 'none' && <option value="none">{text('see.spoken_unknown')}</option>}
                        {PAGE_LANGUAGES.map((one) => (
                            <option key={one} value={one}>
                                {languageName(one)}
                            </option>
                        ))}
                    </select>
                ) : (
                    <span>{isPageLanguage(known) ? languageName(known) : text('see.spoken_unknown')}</span>
                )}
            </dd>
        </div>
    );
}

function Item() {
    const item = currentItem.value;
    if (item === null) {
        return null;
    }
    return (
        <div class="see-fact see-known-elsewhere">
            <dt>{text('item.current')}</dt>
            <dd class="see-item">
                <bdi class="item-number" dir="ltr">
                    {item.number}
                </bdi>
                <span class="see-title" lang={localizedLanguage(item.title)} title={localized(item.title)}>
                    {localized(item.title)}
                </span>
                {item.document && <bdi class="item-document">{item.document}</bdi>}
            </dd>
        </div>
    );
}

function Chair() {
    const chair = chairPlate.value;
    if (chair === null) {
        return null;
    }
    const words = plateWords(chair);
    return (
        <div class="see-fact see-known-elsewhere">
            <dt>{words.heading}</dt>
            <dd>
                <bdi dir="auto">{words.person}</bdi>
            </dd>
        </div>
    );
}

function Next() {
    const next = requestPlates.value.slice(0, 3);
    return (
        <div class="see-fact see-next">
            <dt>{text('list.next_three')}</dt>
            <dd>
                {next.length === 0 ? (
                    <span class="muted">{text('stage.no_next')}</span>
                ) : (
                    <ol>
                        {next.map((line) => {
                            const words = plateWords(line);
                            return (
                                <li key={line.request.id}>
                                    <bdi lang={words.language} title={words.person}>
                                        {words.heading}
                                    </bdi>
                                    <TimeToCome plate={line} />
                                </li>
                            );
                        })}
                    </ol>
                )}
            </dd>
        </div>
    );
}
