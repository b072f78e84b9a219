// Hearing a channel or one source in one's own ears, by a press; nobody else hears another thing because of it. A source ends with the next
// press, with another, or when it is closed.

import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ChannelId } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import {
    type Alone,
    alone,
    BALANCE_PRESETS,
    listening,
    setAlone,
    setBalance,
    setListening,
} from '../state/listening.ts';
import { me, meeting } from '../state/store.ts';
import { type Source, sounding, sourcesOf } from './sources.ts';

interface FaceProps {
    name: string;
    heard: boolean;
    // Nobody is there to be heard.
    unable?: boolean;
    onPress: () => void;
}

function Face({ name, heard, unable = false, onPress }: FaceProps) {
    return (
        <button
            type="button"
            class="button button-icon"
            aria-pressed={heard}
            aria-label={text('technician.listen_to', { name })}
            // Not disabled: the focus would be lost with the source.
            aria-disabled={unable ? 'true' : undefined}
            title={unable ? text('technician.listen_none') : undefined}
            onClick={unable ? undefined : onPress}
        >
            <Icon name="headphones" size={18} />
        </button>
    );
}

/** Of a channel, without the floor behind it. */
export function ListenToChannel({ id, name }: { id: ChannelId; name: string }) {
    return (
        <Face
            name={name}
            heard={alone.value === null && listening.value === id}
            onPress={() => {
                setListening(id);
                setBalance(BALANCE_PRESETS.interpretation);
            }}
        />
    );
}

function asAlone({ participant, feed }: Source): Alone {
    return feed === '' ? { participant } : { feed };
}

function isHeard(source: Source, heard: Alone | null): boolean {
    return (
        heard !== null &&
        ('feed' in heard ? heard.feed === source.feed : heard.participant === source.participant)
    );
}

/** Of one source, whatever carries it. */
export function ListenToSource({ source, name }: { source: Source; name: string }) {
    const nobody = sounding(source) === '' || source.participant === me.value?.id;
    const heard = !nobody && isHeard(source, alone.value);
    return (
        <Face
            name={name}
            heard={heard}
            unable={nobody}
            onPress={() => setAlone(heard ? null : asAlone(source))}
        />
    );
}

/** While the screen is there: who hears a source that is closed hears the channel again. */
export function useListenEnds(): void {
    useEffect(() => {
        const stop = effect(() => {
            const heard = alone.value;
            const now = meeting.value;
            if (heard !== null && now !== null && !sourcesOf(now).some((one) => isHeard(one, heard))) {
                setAlone(null);
            }
        });
        return () => {
            stop();
            setAlone(null);
        };
    }, []);
}
