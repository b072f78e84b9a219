// Speaking aside while a key is held. On the air the desk coughs meanwhile; the server refuses it otherwise.
import { signal } from '@preact/signals';
import { can, type Language, type TalkTo } from '../contract/generated.ts';
import { microphoneStream } from '../media/devices.ts';
import { openMicrophone } from '../media/media.ts';
import { me } from '../state/store.ts';
import { command, setDeskMicrophone } from './actions.ts';
import { Problem } from './problem.ts';

interface Wish {
    to: TalkTo;
    booth?: Language;
}

const wanted = signal<Wish | null>(null);
let last: Promise<unknown> = Promise.resolve();
let coughs = false;

function onAir(): boolean {
    const person = me.peek();
    return person !== null && can(person.capacity, 'has_desk') && person.microphone === 'on';
}

async function start(wish: Wish): Promise<void> {
    if (wanted.peek() !== wish) {
        return; // let go meanwhile
    }
    if (microphoneStream.peek() === null) {
        await openMicrophone();
    }
    if (onAir()) {
        await cough();
    }
    const talk = (): Promise<unknown> =>
        command('talk.set', wish.booth === undefined ? { to: wish.to } : { to: wish.to, booth: wish.booth });
    try {
        await talk();
    } catch (thrown) {
        // The desk is on the air since a moment ago, which this page has not been told yet.
        const late = thrown instanceof Problem && thrown.refusal?.reason === 'microphone_on_air';
        if (coughs || !late) {
            throw thrown;
        }
        await cough();
        await talk();
    }
}

async function cough(): Promise<void> {
    coughs = true;
    await setDeskMicrophone('cough');
}

async function stop(): Promise<void> {
    await command('talk.set', {});
    // Closed meanwhile, by a partner or by oneself: it stays closed.
    if (coughs && me.peek()?.microphone === 'cough') {
        await setDeskMicrophone('on');
    }
    coughs = false;
}

// One after the other: a short press must end in silence too.
function queue(step: () => Promise<void>, failed: (thrown: unknown) => void): void {
    last = last.then(step).catch(failed);
}

export function beginTalk(wish: Wish, failed: (thrown: unknown) => void): void {
    if (wanted.value === null) {
        wanted.value = wish;
        queue(() => start(wish), failed);
    }
}

export function endTalk(failed: (thrown: unknown) => void): void {
    if (wanted.value !== null) {
        wanted.value = null;
        queue(stop, failed);
    }
}
