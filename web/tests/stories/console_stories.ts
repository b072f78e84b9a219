// The consoles of those who run a meeting, and the wall of its chamber.
import { sayProblem } from '../../src/areas/act.ts';
import { Problem } from '../../src/live/actions.ts';
import { takeLevels } from '../../src/state/levels.ts';
import * as store from '../../src/state/store.ts';
import { alarmLog } from '../../src/technician/alarm_watch.ts';
import { lastAct } from '../../src/technician/last_act.ts';
import { LEVELS, relayedMeeting, troubledMeeting } from './demo.ts';
import type { StoryName } from './names.ts';
import * as states from './states.ts';
import type { Story } from './told.ts';

const troubled: states.Change = (now) =>
    troubledMeeting(relayedMeeting(now, store.serverNow()), store.serverNow());

const wall: Story = { person: 'listener', path: '/m/demo/projector' };

export const CONSOLE_STORIES = {
    chair: { person: 'chair' },
    'chair-two': { person: 'chair', change: states.twoSpeak },
    'chair-none': { person: 'chair', change: states.noneSpeaks },
    'chair-pause': { person: 'chair', change: states.inPause },
    'chair-closed': { person: 'chair', change: states.closed },
    'chair-behind': { person: 'chair', change: states.behindPlan },
    'chair-list-closed': { person: 'chair', change: states.listClosed },
    'chair-silent': { person: 'chair', change: states.silentFloor },
    'chair-long': { person: 'chair', change: states.longNames },
    'chair-reconnecting': {
        person: 'chair',
        after: () => {
            store.setPhase({ phase: 'reconnecting', since: Date.now() - 12_000, reason: '' });
            store.setInterruptedSeconds(12);
        },
    },
    'chair-refused': { person: 'chair', after: () => sayProblem(Problem.local('not-connected')) },
    'chair-add': { person: 'chair', press: ['.managed-tools > .button:last-child'] },
    'chair-times': { person: 'chair', press: ['.time-allowed > button'] },
    'chair-menu': { person: 'chair', press: ['.top-bar-tools > button:last-of-type'] },
    'chair-question': { person: 'chair', press: ['.gavel-keys > .hold-key:last-child'] },
    'chair-sound': { person: 'chair', press: ['.sound-key'] },
    secretary: { person: 'secretary' },
    'secretary-long': { person: 'secretary', change: states.longNames },
    'secretary-paper': { person: 'secretary', press: ['[aria-labelledby] .document-keys > button'] },
    moderator: { person: 'moderator' },
    'moderator-help': { person: 'moderator', change: (now) => states.talk('moderator')(now) },
    'moderator-limits': { person: 'moderator', change: states.nearlyFull },
    'moderator-storage': {
        person: 'moderator',
        after: () => {
            store.shownStream().storage.value = { state: 'reserve', free_mib: 212 };
        },
    },
    'moderator-long': { person: 'moderator', change: states.longNames },
    technician: { person: 'technician' },
    'technician-limits': { person: 'technician', change: states.nearlyFull },
    'technician-relay': {
        person: 'technician',
        change: troubled,
        after: () => takeLevels(LEVELS, store.serverNow()),
    },
    'technician-help': { person: 'technician', change: (now) => states.talk('technician')(now) },
    'technician-force': {
        person: 'technician',
        press: ['.crossing-key[aria-pressed=false]:not([aria-disabled=true])'],
    },
    'technician-undo': {
        person: 'technician',
        change: troubled,
        after: () => {
            lastAct.value = {
                made: { name: 'channel.force', data: { channel: 'fr', participant: 'es-1' } },
                back: { name: 'channel.release', data: { channel: 'fr' } },
            };
        },
    },
    'technician-history': {
        person: 'technician',
        change: troubled,
        drawn: () => {
            const at = store.serverNow();
            alarmLog.value = [
                ...alarmLog.value,
                {
                    id: 90,
                    kind: 'no_sound',
                    about: 'bra',
                    other: '',
                    since: at - 900_000,
                    over: at - 880_000,
                    taken: at - 890_000,
                },
                {
                    id: 91,
                    kind: 'undone',
                    about: 'fr-1',
                    other: 'fr',
                    since: at - 600_000,
                    over: at - 600_000,
                    taken: 0,
                },
            ];
        },
        press: ['.section-head > [aria-haspopup=dialog]'],
    },
    'technician-long': { person: 'technician', change: states.longNames },
    trainer: { person: 'technician', change: states.rehearsal },
    'trainer-long': { person: 'technician', change: states.all(states.rehearsal, states.longNames) },
    projector: wall,
    'projector-two': { ...wall, change: states.twoSpeak },
    'projector-none': { ...wall, change: states.noneSpeaks },
    'projector-pause': { ...wall, change: states.inPause },
    'projector-away': {
        ...wall,
        after: () => store.setPhase({ phase: 'reconnecting', since: Date.now(), reason: '' }),
    },
    'projector-long': { ...wall, change: states.longNames },
    // A second speaker comes when the test says so.
    'projector-live': {
        ...wall,
        after: () =>
            addEventListener('second-speaker', () =>
                states.happens({ type: 'microphone.opened', data: { participant: 'bra', position: 2 } }),
            ),
    },
} satisfies Partial<Record<StoryName, Story>>;
