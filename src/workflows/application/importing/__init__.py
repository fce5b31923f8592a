"""导入: rows of workbooks become commands of the past; the good ones recorded, the wrong ones refused in place."""
