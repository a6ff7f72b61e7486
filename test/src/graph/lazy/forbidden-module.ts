/** Reading this file is the failure. */
throw new Error('This file was read.')
