/** Who speaks on the bus: rules match it, and only the relay may put entries under it. Names only. */
export const busSource = 'ordercell';
