// The students: who is on the air in each booth and how loud, who else is there; a press hears that booth. One key a booth, the same digits as
// everywhere.

import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { languageName, text } from '../i18n/index.ts';
import { type Spoken, spoken } from '../state/desk.ts';
import { levelOf, sourceKey } from '../state/levels.ts';
import { listening, setListening } from '../state/listening.ts';
import { channel, meeting, participant } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './StudentsCard.css?inline';

adopt(styles);

export function StudentsCard() {
    const booths = meeting.value?.booths ?? [];
    return (
        <section class="card" aria-labelledby="students-heading">
            <header class="section-head">
                <h2 id="students-heading">{text('training.students')}</h2>
            </header>
            <ul class="students">
                {booths.map((booth) => {
                    const language = spoken(booth.language);
                    const present = booth.desks.filter(
                        (desk) => participant(desk.participant)?.presence === 'present',
                    );
                    return (
                        language !== null && (
                            <Student key={language} language={language} present={present.length} />
                        )
                    );
                })}
            </ul>
        </section>
    );
}

function Student({ language, present }: { language: Spoken; present: number }) {
    const carried = channel(language);
    // Whom the channel carries beside that, has the floor.
    const holder = carried?.state === 'interpreted' ? participant(carried.holder) : null;
    const chosen = listening.value === language;
    const name = languageName(language);
    return (
        <li>
            <button
                type="button"
                class={`button student-key${chosen ? ' is-on' : ''}`}
                aria-pressed={chosen}
                onClick={() => setListening(language)}
            >
                <Icon name={holder === null ? 'silent' : 'interpreted'} size={18} />
                <span>{name}</span>
                <span class="student-who small muted">
                    {holder !== null ? (
                        <bdi>{text('training.interprets', { name: holder.name })}</bdi>
                    ) : (
                        text('training.present', { count: present })
                    )}
                </span>
            </button>
            <span class="student-level">
                {holder !== null && (
                    <LevelMeter
                        level={levelOf(sourceKey({ participant: holder.id }))}
                        label={text('technician.level_of', { name })}
                    />
                )}
            </span>
        </li>
    );
}
