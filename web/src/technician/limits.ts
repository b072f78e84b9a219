// Limits of the contract that fields of this page must respect before the server does.

/** Of the reason of `channel.force`. */
export const COMMAND_CHANNEL_FORCE_REASON_MAX = 159;
/** Of `channel.delay`. */
export const DELAY_MS_MAX = 1000;
