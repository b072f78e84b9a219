// What stands in the speaker's place while nobody has the floor.
import { formatTime, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { nobodyWords } from './room_words.ts';

export function nobodyHasFloor(): string {
    const resumesAt = meeting.value?.resumes_at ?? 0;
    return text(nobodyWords(meeting.value?.sitting ?? 'closed', resumesAt), { time: formatTime(resumesAt) });
}
