// All six booths in one line: what each channel carries and who listens, and every desk's state, source and output. As high with trouble
// as without.

import { carriedBy, carriedWords } from '../areas/carried.ts';
import type { Booth, Channel, Desk } from '../contract/generated.ts';
import { CHANNEL_ID_VALUES } from '../contract/generated.ts';
import { DepthMark } from '../elements/DepthMark.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import {
    formatNumber,
    languageName,
    OWN_NAMES,
    PAGE_LANGUAGES,
    type PageLanguage,
    text,
} from '../i18n/index.ts';
import { deskHears, deskState } from '../state/booths.ts';
import { chosenOutput, depthOf, ownPlace } from '../state/desk.ts';
import { channel, inSoundCheck, listeners, me, meeting, participant, suspensionOf } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Strip.css?inline';

adopt(styles);

type StripWarning = 'desk.alarm_short' | 'strip.unserved' | 'strip.relay_lost';

export function Strip() {
    const booths = meeting.value?.booths ?? [];
    return (
        <section class="strip" aria-labelledby="strip-heading">
            <h2 id="strip-heading" class="hidden-text">
                {text('strip.title')}
            </h2>
            <ul class="strip-list">
                {PAGE_LANGUAGES.map((language) => (
                    <StripBooth
                        key={language}
                        language={language}
                        booth={booths.find((one) => one.language === language)}
                    />
                ))}
            </ul>
        </section>
    );
}

function StripBooth({ language, booth }: { language: PageLanguage; booth: Booth | undefined }) {
    const carried = channel(language);
    const state = carried?.state ?? 'silent';
    const checked = inSoundCheck(language);
    const heard = listeners.value.channels?.[CHANNEL_ID_VALUES.indexOf(language)];
    const own = ownPlace.value?.booth.language === language;
    const warning = warningOf(booth, carried);
    const alarm = warning === 'desk.alarm_short' || warning === 'strip.unserved';
    return (
        <li
            class={`strip-booth strip-${state}${own ? ' strip-own' : ''}${alarm ? ' strip-alarm' : ''}${checked ? ' strip-check' : ''}`}
        >
            <p class="strip-head">
                <span class="strip-name" lang={language}>
                    {OWN_NAMES[language]}
                </span>
                {heard !== undefined && (
                    <span class="strip-count">
                        <Icon name="headphones" size={14} />
                        <span class="hidden-text">{text('desk.listeners', { count: heard })}</span>
                        <span aria-hidden="true">{formatNumber(heard)}</span>
                    </span>
                )}
            </p>
            {warning === null ? (
                <Carries language={language} />
            ) : (
                <p class="strip-state strip-warning" title={text(warning)}>
                    <Icon name="warning" size={14} />
                    <span>{text(warning)}</span>
                </p>
            )}
            <ul class="strip-desks">
                {(booth?.desks ?? []).map((desk) => (
                    <StripDesk key={desk.participant} booth={booth} desk={desk} />
                ))}
                {(booth?.desks.length ?? 0) === 0 && <li class="strip-empty">{text('strip.empty')}</li>}
            </ul>
        </li>
    );
}

// What is wrong with a booth or its channel, the gravest alone: it stands in the place of what the channel carries.
function warningOf(booth: Booth | undefined, carried: Channel | null): StripWarning | null {
    if ((booth?.alarm_since ?? 0) > 0) {
        return 'desk.alarm_short';
    }
    if ((carried?.unserved_since ?? 0) > 0) {
        return 'strip.unserved';
    }
    return carried?.warning === true ? 'strip.relay_lost' : null;
}

function Carries({ language }: { language: PageLanguage }) {
    const carried = channel(language);
    const checked = inSoundCheck(language);
    const carries = carriedBy(carried);
    const { icon, words } =
        suspensionOf(language) !== null
            ? { icon: 'clock' as const, words: text('channel.suspended') }
            : { icon: carries.icon, words: carriedWords(carries) };
    const depth = depthOf(language, carried);
    return (
        <p class="strip-state" title={words}>
            <Icon name={icon} size={14} />
            <span>{words}</span>
            {depth !== null && depth > 0 && !checked && <DepthMark depth={depth} />}
        </p>
    );
}

// A desk's state in a shape, and its words for who does not see it.
export function deskWords(desk: Desk): {
    icon: IconName;
    key: 'desk.on_air' | 'desk.cough' | 'desk.standby' | 'desk.resting' | 'desk.absent';
} {
    const now = meeting.value;
    if (desk.microphone === 'cough') {
        return { icon: 'microphone_off', key: 'desk.cough' };
    }
    if (desk.microphone === 'on') {
        return { icon: 'microphone', key: 'desk.on_air' };
    }
    const state = now === null ? 'absent' : deskState(now, desk);
    const here = participant(desk.participant)?.presence === 'present';
    if (state === 'standby') {
        return { icon: 'headphones', key: 'desk.standby' };
    }
    return here ? { icon: 'pause', key: 'desk.resting' } : { icon: 'silent', key: 'desk.absent' };
}

function StripDesk({ booth, desk }: { booth: Booth | undefined; desk: Desk }) {
    const now = meeting.value;
    const person = participant(desk.participant);
    if (person === null || booth === undefined || now === null) {
        return null;
    }
    const words = deskWords(desk);
    const hears = deskHears(now, booth, desk);
    const onAir = desk.microphone !== 'off';
    const target = onAir && desk.target !== undefined && desk.target !== 'none' ? desk.target : null;
    const output = chosenOutput(desk);
    return (
        <li
            class={`strip-desk strip-desk-${desk.microphone}${desk.participant === me.value?.id ? ' strip-me' : ''}`}
        >
            <Icon name={words.icon} size={14} />
            <span class="strip-person">
                <bdi dir="auto">{person.name}</bdi>
            </span>
            <span class="hidden-text">{text(words.key)}</span>
            <span class="strip-route">
                {hears !== 'floor' && deskState(now, desk) !== 'absent' && (
                    <span title={text('strip.takes', { language: languageName(hears) })}>
                        <span class="hidden-text">
                            {text('strip.takes', { language: languageName(hears) })}
                        </span>
                        <bdi aria-hidden="true" dir="ltr">
                            ←{hears.toUpperCase()}
                        </bdi>
                    </span>
                )}
                {target !== null && output !== 'a' && (
                    <span title={text('strip.feeds', { language: languageName(target) })}>
                        <span class="hidden-text">
                            {text('strip.feeds', { language: languageName(target) })}
                        </span>
                        <bdi aria-hidden="true" dir="ltr">
                            {output.toUpperCase()}→{target.toUpperCase()}
                        </bdi>
                    </span>
                )}
            </span>
        </li>
    );
}
