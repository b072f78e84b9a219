// What the technician's screens call channels and people.
import type { ChannelId } from '../contract/generated.ts';
import { brief } from '../elements/characters.ts';
import { plateWords } from '../elements/Plate.tsx';
import { languageName, text } from '../i18n/index.ts';
import { plate } from '../state/store.ts';

export function channelName(id: ChannelId): string {
    return id === 'floor' ? text('channel.floor_name') : languageName(id);
}

/** In a sentence, so briefly; the id of who is no longer there. */
export function personName(id: string): string {
    const shown = plate(id);
    return shown === null ? id : brief(plateWords(shown).heading);
}
