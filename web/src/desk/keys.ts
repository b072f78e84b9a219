// Every key of the desk. None makes a sound. The same list draws the list on "?", the printed key map and the legends.

import { openHelp } from '../areas/help_parts.ts';
import { pressTalk, releaseTalk } from '../areas/Talkback.tsx';
import { CHANNEL_ID_VALUES, type ChannelId } from '../contract/generated.ts';
import type { Shortcut } from '../elements/shortcuts.ts';
import { shortcutListOpen } from '../elements/shortcuts.ts';
import type { MessageKey } from '../i18n/index.ts';
import { repeat, toPresent } from '../media/desk_media.ts';
import { toggleTake } from '../training/takes_parts.ts';
import * as desk from './commands.ts';
import { openDialog } from './dialogs.ts';
import { focusChat } from './focus.ts';
import { panes } from './panes.ts';

const PRESELECT_CODES = ['KeyQ', 'KeyW', 'KeyE', 'KeyR'] as const;
const PRESELECT_WORDS: readonly MessageKey[] = [
    'shortcuts.preselect_one',
    'shortcuts.preselect_two',
    'shortcuts.preselect_three',
    'shortcuts.preselect_four',
];

export const PRESELECT_LEGENDS = ['Q', 'W', 'E', 'R'] as const;

function channelKey(id: ChannelId, index: number): Shortcut {
    return {
        codes: [`Digit${index}`, `Numpad${index}`],
        legend: String(index),
        words: id === 'floor' ? 'shortcuts.relay_off' : `shortcuts.channel_${id}`,
        group: 'desk.listen',
        press: () => desk.listenTo(id),
    };
}

const LISTEN: readonly Shortcut[] = [
    ...CHANNEL_ID_VALUES.map(channelKey),
    {
        codes: ['KeyO'],
        legend: 'O',
        words: 'shortcuts.original',
        group: 'desk.listen',
        press: desk.toggleOriginal,
    },
    ...PRESELECT_CODES.map(
        (code, index): Shortcut => ({
            codes: [code],
            legend: PRESELECT_LEGENDS[index] ?? '',
            words: PRESELECT_WORDS[index] ?? 'shortcuts.preselect_one',
            group: 'desk.listen',
            press: () => desk.recall(index + 1),
            shifted: () => void desk.store(index + 1),
        }),
    ),
    {
        codes: ['KeyP'],
        legend: 'P',
        words: 'desk.hear_boothmate',
        group: 'desk.listen',
        press: desk.toggleBoothmate,
    },
    {
        codes: ['KeyF'],
        legend: 'F',
        words: 'shortcuts.repeat',
        group: 'desk.listen',
        press: repeat,
    },
    {
        codes: ['KeyI'],
        legend: 'I',
        words: 'shortcuts.present',
        group: 'desk.listen',
        press: toPresent,
    },
];

const SPEAK: readonly Shortcut[] = [
    {
        codes: ['KeyM', 'F8'],
        legend: 'M F8',
        words: 'shortcuts.own_microphone',
        group: 'desk.speak',
        press: desk.toggleMicrophone,
    },
    {
        codes: ['Space', 'F9'],
        legend: 'Space F9',
        words: 'desk.cough',
        group: 'desk.speak',
        press: desk.beginCough,
        release: desk.endCough,
        // On the air the bar coughs whatever has the focus; off the air it belongs to the focused key.
        everywhere: () => desk.microphone() !== 'off',
    },
    {
        codes: ['Digit8', 'Numpad8'],
        legend: '8',
        words: 'talk.partners',
        group: 'desk.speak',
        press: () => pressTalk('partners'),
        release: releaseTalk,
    },
    {
        codes: ['Digit9', 'Numpad9'],
        legend: '9',
        words: 'talk.technicians',
        group: 'desk.speak',
        press: () => pressTalk('technicians'),
        release: releaseTalk,
    },
    {
        codes: ['KeyA'],
        legend: 'A',
        words: 'shortcuts.output_a',
        group: 'desk.speak',
        press: () => desk.chooseOutput('a'),
    },
    {
        codes: ['KeyB'],
        legend: 'B',
        words: 'shortcuts.output_b',
        group: 'desk.speak',
        press: () => desk.chooseOutput('b'),
        shifted: () => desk.turnOutput('b'),
    },
    {
        codes: ['KeyC'],
        legend: 'C',
        words: 'shortcuts.output_c',
        group: 'desk.speak',
        press: () => desk.chooseOutput('c'),
        shifted: () => desk.turnOutput('c'),
    },
    {
        codes: ['KeyU'],
        legend: 'U',
        words: 'shortcuts.suspend',
        group: 'desk.speak',
        press: () => openDialog('suspend'),
    },
];

const TEAM: readonly Shortcut[] = [
    {
        codes: ['KeyH'],
        legend: 'H',
        words: 'shortcuts.handover',
        group: 'desk.handover',
        press: desk.handoverKey,
    },
    {
        codes: ['KeyY'],
        legend: 'Y',
        words: 'shortcuts.handover_accept',
        group: 'desk.handover',
        press: desk.acceptHandover,
    },
    {
        codes: ['KeyN'],
        legend: 'N',
        words: 'shortcuts.handover_decline',
        group: 'desk.handover',
        press: desk.declineHandover,
    },
    {
        codes: ['KeyT'],
        legend: 'T',
        words: 'shortcuts.handover_moment',
        group: 'desk.handover',
        press: desk.turnMoment,
    },
    {
        codes: ['KeyZ'],
        legend: 'Z',
        words: 'shortcuts.rest',
        group: 'desk.handover',
        press: desk.toggleRest,
    },
];

const SIGNALS: readonly Shortcut[] = [
    {
        codes: ['KeyS'],
        legend: 'S',
        words: 'signal.slow_down',
        group: 'desk.signals',
        press: () => desk.sendSignal('slow_down'),
    },
    {
        codes: ['KeyL'],
        legend: 'L',
        words: 'signal.louder',
        group: 'desk.signals',
        press: () => desk.sendSignal('louder'),
    },
    {
        codes: ['KeyX'],
        legend: 'X',
        words: 'signal.microphone_off',
        group: 'desk.signals',
        press: () => desk.sendSignal('microphone_off'),
    },
    {
        codes: ['KeyD'],
        legend: 'D',
        words: 'signal.bad_sound',
        group: 'desk.signals',
        press: () => desk.sendSignal('bad_sound'),
    },
    {
        codes: ['KeyG'],
        legend: 'G',
        words: 'help_call.none',
        group: 'desk.signals',
        press: openHelp,
    },
    {
        codes: ['KeyK'],
        legend: 'K',
        words: 'shortcuts.chat',
        group: 'desk.signals',
        press: () => focusChat(false),
        shifted: () => focusChat(true),
    },
];

const PAGE: readonly Shortcut[] = [
    {
        codes: ['Minus', 'NumpadSubtract'],
        legend: '−',
        words: 'shortcuts.take',
        group: 'desk.windows',
        press: toggleTake,
    },
    {
        codes: ['Digit7', 'Numpad7'],
        legend: '7',
        words: 'shortcuts.read',
        group: 'desk.windows',
        press: desk.readSpeaker,
    },
    {
        codes: ['KeyV'],
        legend: 'V',
        words: 'shortcuts.detach_see',
        group: 'desk.windows',
        press: () => panes.toggle('see'),
    },
    {
        codes: ['KeyJ'],
        legend: 'J',
        words: 'shortcuts.detach_chats',
        group: 'desk.windows',
        press: () => panes.toggle('chats'),
    },
    {
        codes: ['Slash', 'F1'],
        legend: '? F1',
        words: 'shortcuts.list',
        group: 'desk.windows',
        press: () => {
            shortcutListOpen.value = true;
        },
    },
];

export const DESK_SHORTCUTS: readonly Shortcut[] = [...SPEAK, ...LISTEN, ...TEAM, ...SIGNALS, ...PAGE];
