/**
 * KB that the thread which takes orders allocates for one, at 500 a second, as it was when it was last looked at. Runs differ by a few
 * percent, since what a group shares depends on how orders fall together. A change that costs more must say so here.
 */
export const recordedKilobytes = 90;
export const tolerance = 1.06;
