// A key whose meaning may change: it is deaf while that is new, and so are all keys of its gate once one of them has acted.

import type { ComponentChildren } from 'preact';
import { type Gate, useSettled } from './steady.ts';

interface SteadyKeyProps {
    // What a press does: another word for it, and it is another key.
    means: string;
    gate: Gate;
    onPress: () => void;
    disabled?: boolean;
    class?: string;
    label?: string;
    children: ComponentChildren;
}

export function SteadyKey({
    means,
    gate,
    onPress,
    disabled = false,
    label,
    children,
    ...rest
}: SteadyKeyProps) {
    const settled = useSettled(means);
    const deaf = gate.deaf() || !settled();
    return (
        <button
            type="button"
            class={rest.class ?? 'button'}
            disabled={disabled}
            // Not disabled for that moment: the focus would be lost.
            aria-disabled={deaf && !disabled ? 'true' : undefined}
            aria-label={label}
            onClick={() => {
                if (!gate.deaf() && settled()) {
                    gate.act();
                    onPress();
                }
            }}
        >
            {children}
        </button>
    );
}
