// The team of interpreters: who leads it, who sits where and in which order, how each booth works, what a press may take from another
// booth. For moderators, technicians and the interpreter who leads the team.

import { useState } from 'preact/hooks';
import {
    type Booth,
    type BoothSetting,
    can,
    INTERLOCK_MODE_VALUES,
    type InterlockMode,
    type Language,
} from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { languageName, OWN_NAMES, PAGE_LANGUAGES, type PageLanguage, text } from '../i18n/index.ts';
import { emptyBooth, tidySetting } from '../state/booths.ts';
import { iCan, may, me, meeting, participant } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './TeamDialog.css?inline';

adopt(styles);

const TURNS: readonly number[] = [0, 15, 20, 30];

// Whether this person arranges the team.
export function arrangesTeam(): boolean {
    return may('booth.set') && (!iCan('has_desk') || meeting.value?.team_leader === me.value?.id);
}

export function TeamDialog({ onClose }: { onClose: () => void }) {
    const [shown, show] = useState<PageLanguage>('ar');
    const booth = meeting.value?.booths.find((one) => one.language === shown) ?? emptyBooth(shown);
    return (
        <Dialog title={text('team.title')} onClose={onClose}>
            <div class="team">
                <Leader />
                {may('interlock.set') && <Interlock />}
                <label class="field">
                    <span>{text('team.booth')}</span>
                    <select
                        class="select"
                        value={shown}
                        onChange={(event) => {
                            const chosen = PAGE_LANGUAGES.find((one) => one === event.currentTarget.value);
                            show(chosen ?? 'ar');
                        }}
                    >
                        {PAGE_LANGUAGES.map((one) => (
                            <option key={one} value={one}>
                                {languageName(one)}
                            </option>
                        ))}
                    </select>
                </label>
                <Desks booth={booth} language={shown} />
                <Setting key={shown} booth={booth} language={shown} />
            </div>
        </Dialog>
    );
}

function Leader() {
    const interpreters = (meeting.value?.participants ?? []).filter((one) => can(one.capacity, 'has_desk'));
    return (
        <label class="field">
            <span>{text('team.leader')}</span>
            <select
                class="select"
                value={meeting.value?.team_leader ?? ''}
                onChange={(event) => {
                    const id = event.currentTarget.value;
                    void act('team.lead', id === '' ? {} : { participant: id });
                }}
            >
                <option value="">{text('team.nobody')}</option>
                {interpreters.map((one) => (
                    <option key={one.id} value={one.id}>
                        {one.name}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Interlock() {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    return (
        <div class="team-pair">
            <Mode
                label={text('interlock.a')}
                value={now.interlock_a}
                onChoose={(a) => void act('interlock.set', { a, bc: now.interlock_bc })}
            />
            <Mode
                label={text('interlock.bc')}
                value={now.interlock_bc}
                onChoose={(bc) => void act('interlock.set', { a: now.interlock_a, bc })}
            />
        </div>
    );
}

function Mode(props: { label: string; value: InterlockMode; onChoose: (mode: InterlockMode) => void }) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <select
                class="select"
                value={props.value}
                onChange={(event) => {
                    const chosen = INTERLOCK_MODE_VALUES.find((one) => one === event.currentTarget.value);
                    if (chosen !== undefined) {
                        props.onChoose(chosen);
                    }
                }}
            >
                {INTERLOCK_MODE_VALUES.map((one) => (
                    <option key={one} value={one}>
                        {text(`interlock_mode.${one}`)}
                    </option>
                ))}
            </select>
        </label>
    );
}

// The desks of a booth in the order of its rota; another interpreter may be brought in.
function Desks({ booth, language }: { booth: Booth; language: PageLanguage }) {
    const here = new Set(booth.desks.map((one) => one.participant));
    const others = (meeting.value?.participants ?? []).filter(
        (one) => can(one.capacity, 'has_desk') && !here.has(one.id),
    );
    const assign = (id: string, position: number): void =>
        void act('desk.assign', { participant: id, language, position });
    return (
        <fieldset class="team-desks">
            <legend>{text('team.desks')}</legend>
            {booth.desks.length === 0 && <p class="empty">{text('strip.empty')}</p>}
            <ol>
                {booth.desks.map((desk, index) => {
                    const name = participant(desk.participant)?.name ?? '';
                    return (
                        <li key={desk.participant} class="team-desk">
                            <span class="speaker-place" aria-hidden="true">
                                {index + 1}
                            </span>
                            <bdi dir="auto">{name}</bdi>
                            <button
                                type="button"
                                class="button button-quiet button-icon"
                                aria-label={text('list.move_up', { name })}
                                disabled={index === 0}
                                onClick={() => assign(desk.participant, index)}
                            >
                                <Icon name="up" />
                            </button>
                            <button
                                type="button"
                                class="button button-quiet button-icon"
                                aria-label={text('list.move_down', { name })}
                                disabled={index === booth.desks.length - 1}
                                onClick={() => assign(desk.participant, index + 2)}
                            >
                                <Icon name="down" />
                            </button>
                        </li>
                    );
                })}
            </ol>
            <label class="field">
                <span>{text('team.bring')}</span>
                <select
                    class="select"
                    value=""
                    disabled={others.length === 0}
                    onChange={(event) => {
                        const id = event.currentTarget.value;
                        event.currentTarget.value = '';
                        if (id !== '') {
                            assign(id, booth.desks.length + 1);
                        }
                    }}
                >
                    <option value="">{text('team.choose')}</option>
                    {others.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.language === 'none'
                                ? one.name
                                : text('team.from', { name: one.name, language: languageName(one.language) })}
                        </option>
                    ))}
                </select>
            </label>
        </fieldset>
    );
}

// How the booth works. Each choice is given at once, with the others as they are.
function Setting({ booth, language }: { booth: Booth; language: PageLanguage }) {
    const { setting } = booth;
    const give = (part: Partial<BoothSetting>): void => {
        void act('booth.set', { language, setting: tidySetting({ ...setting, ...part }) });
    };
    const allowed = setting.allowed.map((one) => one.language);
    const others = PAGE_LANGUAGES.filter((one) => one !== language);
    const minutes = TURNS.includes(setting.turn_minutes) ? TURNS : [...TURNS, setting.turn_minutes];
    return (
        <>
            <fieldset class="team-languages">
                <legend>{text('team.allowed')}</legend>
                {others.map((one) => (
                    <label key={one} class="tick">
                        <input
                            type="checkbox"
                            checked={allowed.includes(one)}
                            onChange={(event) =>
                                give({
                                    allowed: (event.currentTarget.checked
                                        ? [...allowed, one]
                                        : allowed.filter((other) => other !== one)
                                    ).map((each) => ({ language: each })),
                                })
                            }
                        />
                        <span lang={one}>{OWN_NAMES[one]}</span>
                    </label>
                ))}
            </fieldset>
            {allowed.length > 0 && (
                <div class="team-pair">
                    <Preset
                        label={text('team.output_b')}
                        value={setting.output_b}
                        allowed={allowed}
                        onChoose={(output_b) => give({ output_b })}
                    />
                    <Preset
                        label={text('team.output_c')}
                        value={setting.output_c}
                        allowed={allowed}
                        onChoose={(output_c) => give({ output_c })}
                    />
                </div>
            )}
            <div class="team-pair">
                <label class="field">
                    <span>{text('team.mode')}</span>
                    <select
                        class="select"
                        value={setting.mode}
                        onChange={(event) =>
                            give({ mode: event.currentTarget.value === 'mixed' ? 'mixed' : 'override' })
                        }
                    >
                        <option value="override">{text('booth_mode.override')}</option>
                        <option value="mixed">{text('booth_mode.mixed')}</option>
                    </select>
                </label>
                <label class="field">
                    <span>{text('team.turn')}</span>
                    <select
                        class="select"
                        value={setting.turn_minutes}
                        onChange={(event) => give({ turn_minutes: Number(event.currentTarget.value) })}
                    >
                        {minutes.map((one) => (
                            <option key={one} value={one}>
                                {one === 0 ? text('team.no_turn') : text('timer.minutes', { minutes: one })}
                            </option>
                        ))}
                    </select>
                </label>
            </div>
            <label class="tick">
                <input
                    type="checkbox"
                    checked={setting.rota}
                    disabled={setting.turn_minutes === 0}
                    onChange={(event) => give({ rota: event.currentTarget.checked })}
                />
                <span>{text('team.rota')}</span>
            </label>
            <label class="tick">
                <input
                    type="checkbox"
                    checked={setting.auto_relay}
                    onChange={(event) => give({ auto_relay: event.currentTarget.checked })}
                />
                <span>{text('team.auto_relay')}</span>
            </label>
        </>
    );
}

function Preset(props: {
    label: string;
    value: Language | undefined;
    allowed: readonly Language[];
    onChoose: (language: Language) => void;
}) {
    return (
        <label class="field">
            <span>{props.label}</span>
            <select
                class="select"
                value={props.value ?? 'none'}
                onChange={(event) => {
                    const chosen = props.allowed.find((one) => one === event.currentTarget.value);
                    props.onChoose(chosen ?? 'none');
                }}
            >
                <option value="none">{text('team.not_set')}</option>
                {props.allowed.map((one) =>
                    one === 'none' ? null : (
                        <option key={one} value={one}>
                            {languageName(one)}
                        </option>
                    ),
                )}
            </select>
        </label>
    );
}
