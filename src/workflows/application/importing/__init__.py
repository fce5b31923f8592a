"""导入: rows of workbooks become commands of the past; good ones recorded, wrong ones refused in place."""
