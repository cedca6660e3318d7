"""What is in an HDF5 file."""

import h5py


def datasets(path):
    """The datasets of a file, by path."""
    with h5py.File(path) as file:
        found = {}
        file.visititems(lambda name, item: found.__setitem__(name, item[()])
                        if isinstance(item, h5py.Dataset) else None)
        return found
