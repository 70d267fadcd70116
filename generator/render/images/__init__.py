"""Lists every image that a site pulls, with the programs that use it and its name in the site's mirror.

The site is rendered twice, with and without images.registry; every pod spec and edgecore.yaml is read. Only
images that no manifest names come from a table (generator/tables/keadm-images.yaml).
"""

from generator.render.images.collect import ImageList, ImageUse, PulledImage, images_of, warnings_of
from generator.render.images.formats import ARCHES, FORMATS, write

__all__ = [
    "ARCHES",
    "FORMATS",
    "ImageList",
    "ImageUse",
    "PulledImage",
    "images_of",
    "warnings_of",
    "write",
]
